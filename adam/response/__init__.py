"""Response to treatment: time points of the investigator, of PET and of CT, and the best of them."""
