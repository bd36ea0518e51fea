"""China's export rules on materials in goods other than chip tools."""
