# 1,000 random data sets of many shapes and what base R and its survival package make of them, for
# tests/tlf/stats/test_random.py. Run in this folder: Rscript random.R
# Writes random.jsonl, one data set a line: kind, shape, the data, and under "is" the results (null: R has none).
library(survival)
set.seed(20261127)
LEVELS <- c(0.80, 0.90, 0.95, 0.99)
number <- function(x) ifelse(is.finite(x), sub("e([+-])0*", "e\\1", sprintf("%.11g", x)), "null")
numbers <- function(x) if (length(x) == 0) "[]" else paste0("[", paste(number(x), collapse = ","), "]")
text <- function(x) paste0('"', paste(x, collapse = ""), '"')
object <- function(...) { p <- list(...); paste0("{", paste0('"', names(p), '":', unlist(p), collapse = ","), "}") }
lines <- character()
write_set <- function(kind, shape, data, is) {
  lines <<- c(lines, object(kind = text(kind), shape = text(shape), of = do.call(object, data), is = do.call(object, is)))
}
size <- function() sample(c(1, 2, 3, 4, 5, 7, 10, 12, 20, 35, 60, 100, 200), 1, prob = c(2, 2, 2, 2, 3, 4, 8, 8, 8, 5, 3, 1.5, 1))

# times: continuous with 3 decimals, whole days, or few distinct values
times_of <- function(n, shape, rate = 0.02) {
  t <- rexp(n, rate)
  switch(shape, ties = ceiling(t / 15), days = ceiling(t), same = rep(ceiling(t[1]), n), from_zero = floor(t / 10), round(t, 3) + 0.001)
}
SHAPES <- c("decimals", "days", "ties", "same", "from_zero", "no_events", "all_events", "one_group", "one_sided")
quiet <- function(x) tryCatch(withCallingHandlers(x, warning = function(w) {
  if (grepl("infinite", conditionMessage(w))) INFINITE <<- TRUE
  invokeRestart("muffleWarning") }), error = function(e) NULL)

survival_set <- function(shape) {
  n <- size()
  time <- times_of(n, shape)
  event <- switch(shape, no_events = rep(0, n), all_events = rep(1, n), rbinom(n, 1, sample(c(0.2, 0.5, 0.8), 1)))
  group <- if (shape == "one_group") rep(1, n) else sample(1:sample(2:3, 1), n, TRUE)
  if (shape == "one_sided") event <- event * (group == 1)
  stratum <- sample(1:2, n, TRUE); x <- sample(-9:9, n, TRUE)
  level <- sample(LEVELS, 1)
  last <- max(time); days <- sort(c(round(runif(2, 0, last), 1), last)); until <- round(runif(1, 0.3, 1) * last, 2)
  if (until <= min(time)) until <- last  # survfit has no mean before the first time
  curves <- list()
  for (scale in c("log-log", "log", "plain")) {
    f <- survfit(Surv(time, event) ~ 1, conf.type = scale, conf.int = level)
    s <- summary(f, times = days); q <- quantile(f, c(0.25, 0.5, 0.75))
    curves[[scale]] <- paste0("[", numbers(rbind(s$lower, s$upper)), ",", numbers(rbind(q$lower, q$upper)), "]")
  }
  curves$estimate <- numbers(s$surv); curves$se <- numbers(s$std.err); curves$quantile <- numbers(q$quantile)
  curves$at_risk <- numbers(sapply(days, function(d) sum(time >= d)))
  mean <- if (last > 0) summary(f, rmean = until)$table[c("rmean", "se(rmean)")] else c(NA, NA)
  r <- quantile(survfit(Surv(time, 1 - event) ~ 1, conf.type = "log-log", conf.int = level), 0.5)
  test <- function(f) { k <- quiet(survdiff(f)); if (is.null(k) || all(k$var == 0)) NA else k$chisq }  # without variance survdiff says 0
  groups <- length(unique(group))
  same <- groups < 2 || sum(event) == 0
  fitted <- function(f) {
    INFINITE <<- FALSE
    m <- quiet(coxph(f, ties = "efron", control = coxph.control(eps = 1e-14, iter.max = 60, toler.chol = 1e-13)))
    if (is.null(m) || sum(event) == 0) return("[[],[],null,false]")
    b <- coef(m); v <- sqrt(pmax(diag(vcov(m)), 0))
    # coxph warns of most likelihoods without a maximum, not of all: a standard error above 100 is of one
    lost <- is.na(b) | is.na(v) | v == 0 | v > 100
    score <- if (all(lost) && m$score == 0) NA else m$score  # of covariates that do not vary: nothing to test
    b[lost] <- NA; v[lost] <- NA
    paste0("[", numbers(b), ",", numbers(v), ",", number(score), ",", if (INFINITE) "true" else "false", "]")
  }
  g <- factor(group)
  is <- c(curves, list(mean = numbers(mean), follow_up = numbers(c(r$quantile, r$lower, r$upper)),
    log_rank = number(if (same) NA else test(Surv(time, event) ~ group)),
    stratified = number(if (same) NA else test(Surv(time, event) ~ group + strata(stratum))),
    cox = if (groups > 1) fitted(Surv(time, event) ~ g + x) else fitted(Surv(time, event) ~ x),
    cox_stratified = if (groups > 1) fitted(Surv(time, event) ~ g + x + strata(stratum)) else fitted(Surv(time, event) ~ x + strata(stratum))))
  names(is) <- gsub("-", "_", names(is))
  write_set("survival", shape, list(time = numbers(time), event = text(event), group = text(group), stratum = text(stratum),
    x = numbers(x), level = number(level), days = numbers(days), until = number(until)), is)
}

incidence_set <- function(shape) {
  n <- size()
  time <- times_of(n, shape); time[time == 0] <- 1
  cause <- switch(shape, no_events = rep(0, n), all_events = sample(1:2, n, TRUE), one_sided = rbinom(n, 1, 0.6), sample(0:2, n, TRUE))
  days <- sort(c(round(runif(2, 0, max(time)), 1), max(time)))
  f <- survfit(Surv(time, factor(cause, 0:2)) ~ 1)
  s <- summary(f, times = days, extend = TRUE)
  write_set("incidence", shape, list(time = numbers(time), cause = text(cause), days = numbers(days)),
    list(estimate = numbers(s$pstate[, 2]), se = numbers(s$std.err[, 2])))
}

proportion_set <- function(shape) {
  n <- size(); m <- size(); p <- switch(shape, none = 0, all = 1, runif(1))
  x <- rbinom(1, n, p); y <- rbinom(1, m, switch(shape, none = 0, all = 1, apart = 1 - p, p)); level <- sample(LEVELS, 1); p0 <- round(runif(1, 0.01, 0.99), 2)
  b <- binom.test(x, n, conf.level = level)$conf.int
  w <- prop.test(x, n, conf.level = level, correct = FALSE)$conf.int
  write_set("proportion", shape, list(counts = numbers(c(x, n, y, m)), level = number(level), p0 = number(p0)),
    list(exact = numbers(b), wilson = numbers(w), test = number(binom.test(x, n, p0, alternative = "greater")$p.value),
         fisher = number(fisher.test(matrix(c(x, n - x, y, m - y), 2))$p.value)))
}

rate_set <- function(shape) {
  exposure <- round(runif(1, 0.01, 300), 3); events <- switch(shape, none = 0, rpois(1, runif(1, 0, 40))); level <- sample(LEVELS, 1)
  t <- poisson.test(events, exposure, conf.level = level)
  write_set("rate", shape, list(events = number(events), exposure = number(exposure), level = number(level)),
    list(rate = numbers(c(t$estimate, t$conf.int))))
}

summary_set <- function(shape) {
  n <- size()
  v <- switch(shape, ties = sample(1:4, n, TRUE), same = rep(3.7, n), whole = sample(-50:50, n, TRUE), round(exp(rnorm(n, 3, 2)), 3) + 0.001)
  logs <- if (all(v > 0)) log(v) else NA
  write_set("summary", shape, list(values = numbers(v)),
    list(mean = number(mean(v)), sd = number(sd(v)), quantiles = numbers(quantile(v, c(0.25, 0.5, 0.75), type = 2)),
         range = numbers(range(v)), gmean = number(exp(mean(logs))), gcv = number(100 * sqrt(exp(var(logs)) - 1))))
}

for (i in 1:450) survival_set(SHAPES[(i - 1) %% 9 + 1])
for (i in 1:160) incidence_set(c("decimals", "days", "ties", "same", "no_events", "all_events", "one_sided", "from_zero")[(i - 1) %% 8 + 1])
for (i in 1:160) proportion_set(c("any", "apart", "none", "all")[(i - 1) %% 4 + 1])
for (i in 1:80) rate_set(c("any", "any", "any", "none")[(i - 1) %% 4 + 1])
for (i in 1:150) summary_set(c("decimals", "ties", "whole", "same", "decimals")[(i - 1) %% 5 + 1])
writeLines(lines, "random.jsonl")
