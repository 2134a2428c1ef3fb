"""The Graph API as Meta answers it."""
