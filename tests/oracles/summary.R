# Summary statistics and exact binomial limits by base R, for tests/tlf/stats. Run in this folder: Rscript summary.R
# quantile(type = 2) is SAS definition 5 (Hyndman and Fan 1996); binom.test gives the Clopper-Pearson limits.
number <- function(x) sprintf("%.15g", x)
set.seed(1)
sets <- list(one = 7, two = c(3, 10), four = c(1, 2, 3, 4), five = c(5, 1, 4, 2, 3), eight = c(2, 2, 3, 8, 9, 11, 15, 100),
             tied = c(1, 1, 1, 1, 2), negative = c(-5.5, 0, 2.25), ages = sample(18:85, 37, TRUE), weights = round(rnorm(50, 78, 14), 1))
data <- do.call(rbind, lapply(names(sets), function(s) data.frame(set = s, value = sets[[s]])))
values <- do.call(rbind, lapply(names(sets), function(s) {
  x <- sets[[s]]
  q <- quantile(x, c(0.25, 0.5, 0.75), type = 2, names = FALSE)
  data.frame(set = s, n = length(x), mean = number(mean(x)), sd = number(sd(x)), median = number(q[2]), q1 = number(q[1]),
             q3 = number(q[3]), min = number(min(x)), max = number(max(x)))
}))
write.csv(data, "summary_data.csv", row.names = FALSE, quote = FALSE)
write.csv(values, "summary.csv", row.names = FALSE, quote = FALSE)

limits <- NULL
for (level in c(0.80, 0.90, 0.95)) for (n in c(1, 2, 3, 6, 12, 25, 100)) for (x in unique(c(0, 1, 2, n %/% 3, n %/% 2, n - 1, n))) {
  if (x < 0 || x > n) next
  i <- binom.test(x, n, conf.level = level)$conf.int
  limits <- rbind(limits, data.frame(x = x, n = n, level = level, lower = number(i[1]), upper = number(i[2])))
}
write.csv(limits, "binomial.csv", row.names = FALSE, quote = FALSE)
