"""What of the law is behind a decision: the instrument, the rule of export control, the act."""
