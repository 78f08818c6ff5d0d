"""What holds if neither the settings nor an admin say otherwise; light to import."""

from datetime import time

TIMEZONE = "Asia/Ho_Chi_Minh"
DEFAULT_STEPS = (30, 14, 7, 3, 1, 0)  # days before the last day
LONGEST_STEP = 365  # days before the last day that a step may be set to
DEFAULT_REMIND_AT = time(7, 30)
LEASE = 60.0  # seconds in which a message counts as being sent
