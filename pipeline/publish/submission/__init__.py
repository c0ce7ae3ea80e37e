"""The submission package: a folder of eCTD module 5 that checks itself, and can be built again from its SDTM."""
