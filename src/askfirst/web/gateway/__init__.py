"""The face that speaks Meta's Graph API, so that an existing client is guarded."""
