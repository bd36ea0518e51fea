"""From the law to the duty of a day or a month."""
