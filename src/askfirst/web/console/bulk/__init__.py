"""Files of people: imported and screened."""
