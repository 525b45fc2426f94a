"""What is wrong with a case itself."""

from __future__ import annotations


class CaseProblem(Exception):
    """A case names something the layout does not have; the path says where in the case, from its top."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
