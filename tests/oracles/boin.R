# BOIN (Liu and Yuan 2015) in base R: boundaries per number of evaluable subjects, and the dose nearest to the target.
# Run: Rscript tests/oracles/boin.R tests/oracles. The isotonic estimate is made by the min-max formula
# (Barlow et al. 1972), not by pooling.
out <- commandArgs(TRUE)[1]
rate <- function(target) {
  low <- 0.6 * target; high <- 1.4 * target
  c(log((1 - low) / (1 - target)) / log(target * (1 - low) / (low * (1 - target))),
    log((1 - target) / (1 - high)) / log(high * (1 - target) / (target * (1 - high))))
}
rows <- list()
for (target in c(0.2, 0.25, 0.3, 0.35)) for (n in 1:18) {
  y <- 0:n
  toxic <- if (n >= 3) y[1 - pbeta(target, y + 1, n - y + 1) > 0.95] else integer(0)
  lambda <- rate(target)
  rows[[length(rows) + 1]] <- data.frame(target = target, n = n, escalate = floor(lambda[1] * n),
    deescalate = ceiling(lambda[2] * n), eliminate = if (length(toxic)) min(toxic) else NA)
}
write.csv(do.call(rbind, rows), file.path(out, "boin.csv"), row.names = FALSE, na = "")

minmax <- function(x, w) sapply(seq_along(x), function(i) max(sapply(1:i, function(a)
  min(sapply(i:length(x), function(b) weighted.mean(x[a:b], w[a:b]))))))
select <- function(n, y, target) {
  toxic <- n >= 3 & 1 - pbeta(target, y + 1, n - y + 1) > 0.95
  left <- if (any(toxic)) seq_len(which(toxic)[1] - 1) else seq_along(n)
  used <- left[n[left] > 0]
  if (!length(used)) return(NA)
  a <- y[used] + 0.05; b <- n[used] - y[used] + 0.05
  mean <- a / (a + b); variance <- a * b / ((a + b)^2 * (a + b + 1))
  used[which.min(abs(minmax(mean, 1 / variance) + seq_along(used) * 1e-10 - target))]
}
set.seed(20150801)
courses <- lapply(1:200, function(i) {
  levels <- sample(2:6, 1)
  n <- sample(c(0, 3, 3, 6, 6, 9, 12), levels, TRUE)
  y <- rbinom(levels, n, sort(runif(levels, 0.02, 0.6)))
  target <- sample(c(0.2, 0.25, 0.3), 1)
  data.frame(target, n = paste(n, collapse = " "), y = paste(y, collapse = " "), selected = select(n, y, target))
})
write.csv(do.call(rbind, courses), file.path(out, "boin_mtd.csv"), row.names = FALSE, na = "")
