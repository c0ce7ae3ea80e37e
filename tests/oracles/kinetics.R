# Areas and half-lives of made-up courses by base R, for tests/criteria/test_kinetics.py. Run in this folder: Rscript kinetics.R
# The area is integrated numerically (integrate) under the curve that the rule draws: a straight line up or where a value
# is 0, a straight line of logarithms down. The half-life is that of lm() on the logarithms of the last values.
number <- function(x) sprintf("%.15g", x)
set.seed(7)
curve_at <- function(t, x, y) {
  i <- findInterval(t, x, rightmost.closed = TRUE, left.open = TRUE); i[i == 0] <- 1
  s <- (t - x[i]) / (x[i + 1] - x[i]); a <- y[i]; b <- y[i + 1]
  ifelse(a > 0 & b > 0 & b < a, a * (b / a)^s, a + s * (b - a))
}
area <- function(x, y, end) {
  x <- c(0, x); y <- c(0, y)
  ends <- c(x[x < end], end)
  if (max(x) < end) ends <- x
  sum(sapply(seq_len(length(ends) - 1), function(i)
    integrate(curve_at, ends[i], ends[i + 1], x = x, y = y, rel.tol = 1e-12, subdivisions = 2000L)$value))
}
life <- function(x, y, least = 3) {
  keep <- y > 0 & x > x[which.max(y)]; x <- x[keep]; y <- y[keep]
  best <- NULL
  if (length(x) >= least) for (n in least:length(x)) {
    at <- (length(x) - n + 1):length(x)
    fit <- lm(log(y[at]) ~ x[at]); slope <- unname(coef(fit)[2])
    if (slope < 0) best <- rbind(best, data.frame(n = n, fit = suppressWarnings(summary(fit)$adj.r.squared), life = log(2) / -slope, span = diff(range(x[at])) * -slope / log(2)))
  }
  if (is.null(best)) return(data.frame(n = NA, fit = NA, life = NA, span = NA))
  best <- best[best$fit > max(best$fit) - 1e-4, ]
  best[which.max(best$n), ]
}
samples <- NULL; values <- NULL
for (course in 1:60) {
  days <- c(1, 4, 7, 10, 14, 21, 28, 56, 84, 168); days <- days + c(0, sample(-1:2, 9, TRUE)); days <- sort(unique(days))
  days <- sort(sample(days, sample(4:length(days), 1)))
  peak <- sample(5:16, 1); rise <- runif(1, 0.3, 1.2); fall <- runif(1, 0.02, 0.25)
  value <- round(exp(9 + rnorm(1) - ifelse(days < peak, rise * (peak - days), fall * (days - peak)) + rnorm(length(days), 0, 0.35)))
  if (course %% 2 == 0) { last <- max(2, length(days) - sample(0:3, 1)); if (last < length(days)) { value[last + 1] <- 0; value <- value[1:(last + 1)]; days <- days[1:(last + 1)] } }
  end <- sample(c(28, 28, 28, 60, 100), 1)
  hl <- life(days, value)
  samples <- rbind(samples, data.frame(course, day = days, value))
  whole <- max(days) >= end || value[length(value)] == 0
  values <- rbind(values, data.frame(course, end, area = if (whole) number(area(days, value, end)) else "", points = hl$n, fit = number(hl$fit), life = number(hl$life), span = number(hl$span)))
}
write.csv(samples, "kinetics_data.csv", row.names = FALSE, quote = FALSE)
write.csv(values, "kinetics.csv", row.names = FALSE, quote = FALSE, na = "")
