# Inference for one and two proportions by base R, for tests/tlf/stats/test_proportions.py. Run in this folder: Rscript proportions.R
# Wilson: prop.test without correction. Jeffreys, Agresti-Coull: their published formulas. Exact test: binom.test. Fisher: fisher.test.
# Newcombe: prop.test's Wilson limits squared and added. Miettinen-Nurminen: the likeliest proportions are searched for numerically
# (optimize), the limits by uniroot: nothing of the closed form of the cubic is used.
number <- function(x) sprintf("%.15g", x)
one <- NULL
for (level in c(0.80, 0.95)) for (n in c(1, 2, 3, 6, 12, 25, 100)) for (x in unique(c(0, 1, 2, n %/% 3, n %/% 2, n - 1, n))) {
  if (x < 0 || x > n) next
  z <- qnorm((1 + level) / 2); a <- 1 - level
  w <- suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int
  j <- c(if (x == 0) 0 else qbeta(a / 2, x + .5, n - x + .5), if (x == n) 1 else qbeta(1 - a / 2, x + .5, n - x + .5))
  p <- (x + z^2 / 2) / (n + z^2); e <- z * sqrt(p * (1 - p) / (n + z^2))
  limits <- rbind(c(w[1], w[2]), j, c(max(0, p - e), min(1, p + e)))
  one <- rbind(one, data.frame(method = c("WILSON", "JEFFREYS", "AGRESTI-COULL"), x, n, level, lower = number(limits[, 1]), upper = number(limits[, 2])))
}
write.csv(one, "proportions_one.csv", row.names = FALSE, quote = FALSE)

tests <- NULL
for (n in c(1, 5, 12, 43, 80)) for (p0 in c(0.05, 0.2, 0.5)) {
  tail <- sapply(0:n, function(x) binom.test(x, n, p0, alternative = "greater")$p.value)
  decides <- which(tail <= 0.05 + 1e-12) - 1
  for (x in unique(c(0, 1, n %/% 3, n))) if (x <= n)
    tests <- rbind(tests, data.frame(n, p0, x, p_value = number(tail[x + 1]), smallest = if (length(decides)) decides[1] else NA))
}
write.csv(tests, "proportions_tests.csv", row.names = FALSE, quote = FALSE)

likeliest <- function(d, x1, n1, x2, n2) {  # variance of the difference at the likeliest p2 for p1 = p2 + d
  low <- max(0, -d); high <- min(1, 1 - d)
  term <- function(x, p) if (x == 0) 0 else x * log(p)
  f <- function(p2) { p1 <- p2 + d; term(x1, p1) + term(n1 - x1, 1 - p1) + term(x2, p2) + term(n2 - x2, 1 - p2) }
  # the likelihood is concave: its slope has one root, or the maximum lies at an end
  g <- function(p2) { p1 <- p2 + d
    (if (x1 > 0) x1 / p1 else 0) - (if (x1 < n1) (n1 - x1) / (1 - p1) else 0) +
      (if (x2 > 0) x2 / p2 else 0) - (if (x2 < n2) (n2 - x2) / (1 - p2) else 0) }
  e <- 1e-14
  a <- g(low + e); b <- g(high - e)
  p2 <- if (is.finite(a) && a <= 0) low else if (is.finite(b) && b >= 0) high else
    uniroot(g, c(low + e, high - e), tol = 1e-15, maxiter = 1e5)$root
  p1 <- p2 + d
  (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * (n1 + n2) / (n1 + n2 - 1)
}
mn <- function(x1, n1, x2, n2, level) {
  z <- qnorm((1 + level) / 2); est <- x1 / n1 - x2 / n2
  h <- function(d, s) s * (d - est) - z * sqrt(max(likeliest(d, x1, n1, x2, n2), 0))
  side <- function(s) if (abs(est - s) < 1e-12) s else uniroot(h, sort(c(est, s * (1 - 1e-12))), s = s, tol = 1e-14, maxiter = 1e5)$root
  c(side(-1), side(1))
}
two <- NULL
cases <- list(c(56, 70, 48, 80), c(9, 10, 3, 10), c(6, 7, 2, 7), c(5, 56, 0, 29), c(0, 10, 0, 20), c(0, 10, 0, 10), c(10, 10, 0, 20), c(10, 10, 0, 10),
              c(13, 33, 6, 10), c(6, 53, 5, 53), c(1, 3, 2, 3), c(19, 43, 13, 33), c(120, 400, 90, 390), c(3, 3, 2, 5))
for (v in cases) for (level in c(0.90, 0.95)) {
  w1 <- suppressWarnings(prop.test(v[1], v[2], conf.level = level, correct = FALSE))$conf.int
  w2 <- suppressWarnings(prop.test(v[3], v[4], conf.level = level, correct = FALSE))$conf.int
  p1 <- v[1] / v[2]; p2 <- v[3] / v[4]
  m <- mn(v[1], v[2], v[3], v[4], level)
  cells <- c(v[1], v[2] - v[1], v[3], v[4] - v[3])
  or <- cells[1] * cells[4] / (cells[2] * cells[3]); se <- sqrt(sum(1 / cells)); z <- qnorm((1 + level) / 2)
  if (any(cells == 0)) or <- NA
  two <- rbind(two, data.frame(x1 = v[1], n1 = v[2], x2 = v[3], n2 = v[4], level,
    newcombe_lower = number(p1 - p2 - sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2)),
    newcombe_upper = number(p1 - p2 + sqrt((w1[2] - p1)^2 + (p2 - w2[1])^2)),
    mn_lower = number(m[1]), mn_upper = number(m[2]), odds_ratio = number(or), or_lower = number(or * exp(-z * se)),
    or_upper = number(or * exp(z * se)), fisher = number(fisher.test(matrix(cells, 2))$p.value)))
}
write.csv(two, "proportions_two.csv", row.names = FALSE, quote = FALSE)
