"""Where customers start a chat: QR codes, links, attribution."""
