"""Origin: is a good from a member country of an agreement, given where its parts come from."""
