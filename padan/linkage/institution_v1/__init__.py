"""Version 1 of the institution model: definition.py by hand, trained.json by machine, card.md why."""
