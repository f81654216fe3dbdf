"""`make screenshots`: what the page looks like, taken anew from the page as it is."""
