"""WhatsApp opt-in, asked for, proven, honoured and enforced."""

__version__ = "0.1.0"
