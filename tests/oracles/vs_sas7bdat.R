# A data set of SAS (SAS7BDAT) as R's haven writes it: text, numbers, a date, a date and time, missing values.
library(haven)
vs <- data.frame(
  STUDYID = "S", DOMAIN = "VS", USUBJID = c("S-1", "S-1", "S-2"), VSSEQ = c(1, 2, 1),
  VSTESTCD = c("WEIGHT", "TEMP", "WEIGHT"), VSORRES = c("70.5", "", "81"), VSSTRESN = c(70.5, NA, 81),
  VSDTC = c("2025-01-08", "2025-01-09T08:30", "2025-01-09"), VSDT = as.Date(c("2025-01-08", NA, "2025-01-09")),
  VSDTM = as.POSIXct(c("2025-01-08 07:05:00", NA, "2025-01-09 23:59:59"), tz = "UTC"), stringsAsFactors = FALSE)
write_sas(vs, "tests/oracles/vs.sas7bdat")
