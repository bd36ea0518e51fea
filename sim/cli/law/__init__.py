"""``kyoten law``: duties and licences, told by the law at hand."""
