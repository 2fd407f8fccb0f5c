"""Awards as data: the four programmes' rules with the source of each, and what an edition's rules may hold."""
