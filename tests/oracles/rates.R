# Exact Poisson limits by base R (poisson.test), for tests/tlf/stats. Run in this folder: Rscript rates.R
number <- function(x) sprintf("%.15g", x)
limits <- NULL
for (level in c(0.80, 0.95, 0.99)) for (exposure in c(1, 3, 7.5, 10, 240)) for (x in c(0, 1, 2, 3, 5, 10, 42, 250)) {
  t <- poisson.test(x, exposure, conf.level = level)
  limits <- rbind(limits, data.frame(events = x, exposure = exposure, level = level, estimate = number(unname(t$estimate)),
                                     lower = number(t$conf.int[1]), upper = number(t$conf.int[2])))
}
write.csv(limits, "rates.csv", row.names = FALSE, quote = FALSE)
