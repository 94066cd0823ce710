"""How events become a state."""
