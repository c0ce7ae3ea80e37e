# Geometric mean and geometric coefficient of variation (percent) by base R, for tests/tlf/stats. Run in this folder:
# Rscript geometric.R. gcv = 100 sqrt(exp(s^2) - 1), s the standard deviation (n - 1) of the natural logarithms.
number <- function(x) sprintf("%.15g", x)
sets <- list(two = c(3, 10), four = c(1, 2, 3, 4), copies = c(1250000, 3400, 88000, 510, 27000, 990000), close = c(99.5, 100, 100.5))
data <- do.call(rbind, lapply(names(sets), function(s) data.frame(set = s, value = sprintf("%.15g", sets[[s]]))))
values <- do.call(rbind, lapply(names(sets), function(s) {
  x <- log(sets[[s]])
  data.frame(set = s, gmean = number(exp(mean(x))), gcv = number(100 * sqrt(exp(var(x)) - 1)))
}))
write.csv(data, "geometric_data.csv", row.names = FALSE, quote = FALSE)
write.csv(values, "geometric.csv", row.names = FALSE, quote = FALSE)
