"""How notifications leave by every channel but the inbox, and what becomes of them."""
