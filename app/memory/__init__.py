"""What a process keeps in memory of the configuration, for exactly as long as nobody changes it anywhere."""

from app.memory.generation import watch
from app.memory.remembering import one_moment, remember

__all__ = ["one_moment", "remember", "watch"]
