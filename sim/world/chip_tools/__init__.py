"""What the law answers to every shipment of a chip tool, asked once."""
