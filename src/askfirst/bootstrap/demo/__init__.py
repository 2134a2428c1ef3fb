"""The demonstration: a shop, askfirst and a simulated WhatsApp."""
