# 230 random data sets of two readers, two groups and competing risks, and what R makes of them, for
# tests/tlf/stats/test_random.py. Needs the package cmprsk (Gray's test). Run in this folder: Rscript random_pairs.R
# Kappa: its formula, and its error by the derivative of that formula at an imaginary step (nothing of the closed form of
# Fleiss, Cohen and Everitt is used). Newcombe: prop.test's Wilson limits; odds ratio: the logarithm's normal limits.
library(cmprsk)
set.seed(20261128)
LEVELS <- c(0.80, 0.90, 0.95, 0.99)
number <- function(x) ifelse(is.finite(x), sub("e([+-])0*", "e\\1", sprintf("%.11g", x)), "null")
numbers <- function(x) if (length(x) == 0) "[]" else paste0("[", paste(number(x), collapse = ","), "]")
text <- function(x) paste0('"', paste(x, collapse = ""), '"')
object <- function(...) { p <- list(...); paste0("{", paste0('"', names(p), '":', unlist(p), collapse = ","), "}") }
lines <- character()
write_set <- function(kind, shape, data, is) {
  lines <<- c(lines, object(kind = text(kind), shape = text(shape), of = do.call(object, data), is = do.call(object, is)))
}
size <- function() sample(c(2, 3, 5, 8, 12, 20, 40, 90), 1)

kappa_of <- function(p, w) {  # of the shares of a table, which may be complex
  row <- rowSums(p); column <- colSums(p); chance <- sum(w * outer(row, column))
  (sum(w * p) - chance) / (1 - chance)
}
agreement_set <- function(shape) {
  n <- size(); k <- sample(2:5, 1); level <- sample(LEVELS, 1)
  first <- sample(k, n, TRUE); second <- switch(shape, same = first, apart = sample(k, n, TRUE), one = rep(1, n), ifelse(runif(n) < 0.7, first, sample(k, n, TRUE)))
  p <- table(factor(first, 1:k), factor(second, 1:k)) / n; p <- matrix(p, k)
  apart <- abs(outer(1:k, 1:k, "-")); weights <- list(none = (apart == 0) + 0, linear = 1 - apart / (k - 1), quadratic = 1 - (apart / (k - 1))^2)
  is <- list(agreement = number(sum(diag(p))))
  for (name in names(weights)) {
    w <- weights[[name]]; step <- 1e-30
    gradient <- sapply(seq_along(p), function(i) { q <- p + 0i; q[i] <- q[i] + step * 1i; Im(kappa_of(q, w)) / step })
    v <- (sum(p * gradient^2) - sum(p * gradient)^2) / n; z <- qnorm((1 + level) / 2); est <- kappa_of(p, w); se <- if (is.finite(v) && v > 1e-14) sqrt(v) else 0
    is[[name]] <- if (abs(1 - sum(w * outer(rowSums(p), colSums(p)))) < 1e-12) "[null,null,null]" else numbers(c(est, est - z * se, est + z * se))
  }
  write_set("agreement", shape, list(first = text(first), second = text(second), categories = number(k), level = number(level)), is)
}

difference_set <- function(shape) {
  n <- size(); m <- size(); level <- sample(LEVELS, 1)
  x <- switch(shape, none = 0, all = n, rbinom(1, n, runif(1))); y <- switch(shape, none = 0, all = m, rbinom(1, m, runif(1)))
  wilson <- function(x, n) suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int
  p <- x / n; q <- y / m; u <- wilson(x, n); v <- wilson(y, m); z <- qnorm((1 + level) / 2)
  cells <- c(x, n - x, y, m - y); or <- if (any(cells == 0)) NA else cells[1] * cells[4] / (cells[2] * cells[3]); se <- sqrt(sum(1 / cells))
  write_set("difference", shape, list(counts = numbers(c(x, n, y, m)), level = number(level)),
    list(newcombe = numbers(c(p - q, p - q - sqrt((p - u[1])^2 + (v[2] - q)^2), p - q + sqrt((u[2] - p)^2 + (q - v[1])^2))),
         odds_ratio = numbers(c(or, or * exp(-z * se), or * exp(z * se)))))
}

gray_set <- function(shape) {
  n <- size() + 6; t <- rexp(n, 0.02)
  time <- switch(shape, ties = ceiling(t / 15), days = ceiling(t), round(t, 3) + 0.001)
  cause <- sample(0:2, n, TRUE); group <- c(1, 2, sample(1:sample(2:3, 1), n - 2, TRUE)); stratum <- sample(1:2, n, TRUE)
  test <- function(...) { r <- tryCatch(cuminc(time, cause, group, ...)$Tests, error = function(e) NULL); if (is.null(r) || !"1" %in% rownames(r)) NA else if (r["1", "stat"] < 0) NA else r["1", "stat"] }  # -1: cuminc could not invert the variance
  days <- sort(round(runif(2, min(time), max(time)), 1)); all <- timepoints(cuminc(time, cause), days)
  write_set("gray", shape, list(time = numbers(time), cause = text(cause), group = text(group), stratum = text(stratum), days = numbers(days)),
    list(estimate = numbers(all$est[rownames(all$est) == "1 1", ]), variance = numbers(all$var[rownames(all$var) == "1 1", ]), chisq = number(test()), stratified = number(test(strata = stratum))))
}

for (i in 1:100) agreement_set(c("near", "near", "apart", "same", "one")[(i - 1) %% 5 + 1])
for (i in 1:100) difference_set(c("any", "any", "none", "all")[(i - 1) %% 4 + 1])
for (i in 1:30) gray_set(c("decimals", "days", "ties")[(i - 1) %% 3 + 1])
writeLines(lines, "random_pairs.jsonl")
