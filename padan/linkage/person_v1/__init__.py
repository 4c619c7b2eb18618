"""Version 1 of the person model: definition.py and levels.py by hand, trained.json by machine, card.md why."""
