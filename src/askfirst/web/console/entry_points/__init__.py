"""Links and QR codes by which customers come."""
