"""When it runs: jobs, schedules, sensors, resources and the command line. Assembly only, no table logic."""
