"""Files of people, as each face takes them in and gives them out."""
