"""The narrative of a plan: its outline, who acts in it, its duties and their times."""
