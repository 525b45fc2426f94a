"""Doubtful readings and unread pages: they keep a failed check from being an error, and nothing else."""

from __future__ import annotations

import pytest
from engine_doubts import doubtful_report  # noqa: F401
