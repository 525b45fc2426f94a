"""Waivers: findings that were looked at and accepted, by whom, why, up to which difference and until when."""
