# The eight bytes of numbers in a transport file of version 5, as haven writes them (TS-140: floating point of IBM).
# haven 2.5.1; Rscript xport.R > xport.csv
library(haven)
values <- c(0, 1, -1, 0.1, -0.1, 1/3, 2/3, 3.14159265358979, 100, 118.625, 1e-10, 1e10, 123456789.123456789, 16, 15.999999999999998,
            0.0625, 2^53, 1e-70, 1e70, 22281, 1.7e9, 0.30000000000000004, -273.15, 5e-5, NA)
file <- tempfile(fileext = ".xpt")
write_xpt(data.frame(X = values), file, version = 5, name = "X")
bytes <- readBin(file, "raw", file.size(file))
first <- 8 * 80 + 160 + 80 # headers, one NAMESTR filled up to 160, header of the records
hex <- sapply(seq_along(values), function(n) paste(as.character(bytes[first + (n - 1) * 8 + 1:8]), collapse = ""))
write.csv(data.frame(value = ifelse(is.na(values), "", sprintf("%.17g", values)), bytes = hex), row.names = FALSE, quote = FALSE)
