# Log-rank, Cox regression (Efron), restricted mean and cumulative incidence by R's survival package, for
# tests/tlf/stats/test_hazards.py and test_competing_risks.py. Run in this folder: Rscript hazards.R
library(survival)
number <- function(x) sprintf("%.15g", x)
set.seed(20261127)
made <- function(n, ties) {
  g <- sample(c("A", "B", "C"), n, TRUE); s <- sample(1:2, n, TRUE); x <- round(rnorm(n), 2)
  t <- rexp(n, 0.05 * exp(0.5 * (g == "B") + 0.3 * x)); t <- if (ties) ceiling(t / 4) else round(t, 3) + 0.001
  data.frame(time = t, event = rbinom(n, 1, 0.7), group = g, stratum = s, x = x)
}
l <- na.omit(lung[c("time", "status", "sex", "ph.ecog", "age")])
sets <- list(lung = data.frame(time = l$time, event = l$status - 1, group = ifelse(l$sex == 1, "A", "B"), stratum = l$ph.ecog, x = l$age),
             aml = data.frame(time = aml$time, event = aml$status, group = ifelse(aml$x == "Maintained", "A", "B"), stratum = 1, x = seq_along(aml$time) %% 7))
for (i in 1:10) sets[[sprintf("random_%02d", i)]] <- made(c(12, 20, 40, 80, 200)[(i - 1) %% 5 + 1], i > 5)
data <- tests <- fits <- means <- NULL
for (name in names(sets)) {
  d <- sets[[name]]
  data <- rbind(data, cbind(set = name, d))
  for (stratified in c(FALSE, TRUE)) {
    if (stratified && length(unique(d$stratum)) == 1) next
    f <- if (stratified) Surv(time, event) ~ group + strata(stratum) else Surv(time, event) ~ group
    k <- survdiff(f, d)
    tests <- rbind(tests, data.frame(set = name, stratified, test = "logrank", chisq = number(k$chisq), df = length(unique(d$group)) - 1))
    f <- if (stratified) Surv(time, event) ~ group + x + strata(stratum) else Surv(time, event) ~ group + x
    m <- coxph(f, d, ties = "efron", control = coxph.control(eps = 1e-13, iter.max = 50))
    s <- summary(m)
    fits <- rbind(fits, data.frame(set = name, stratified, covariate = sub("^group", "", rownames(s$coefficients)), coefficient = number(s$coefficients[, 1]),
                                   se = number(s$coefficients[, 3]), p_value = number(s$coefficients[, 5]), lower = number(s$conf.int[, 3]), upper = number(s$conf.int[, 4])))
    tests <- rbind(tests, data.frame(set = name, stratified, test = "score", chisq = number(m$score), df = length(coef(m))))
  }
  f <- survfit(Surv(time, event) ~ 1, d)
  for (until in quantile(d$time, c(0.3, 0.6, 0.9), names = FALSE)) {
    r <- summary(f, rmean = until)$table
    means <- rbind(means, data.frame(set = name, until = number(until), estimate = number(r["rmean"]), se = number(r["se(rmean)"])))
  }
}
write.csv(data, "hazards_data.csv", row.names = FALSE, quote = FALSE)
write.csv(tests, "hazards_tests.csv", row.names = FALSE, quote = FALSE)
write.csv(fits, "hazards_cox.csv", row.names = FALSE, quote = FALSE)
write.csv(means, "hazards_means.csv", row.names = FALSE, quote = FALSE)
# cumulative incidence: standard errors by the delta method; limits on log(-log(F)) by hand from them
i <- read.csv("incidence_data.csv")
f <- survfit(Surv(time, factor(cause, 0:2)) ~ 1, data = i)
write.csv(data.frame(time = rep(f$time, 2), cause = rep(1:2, each = length(f$time)), se = number(c(f$std.err[, 2:3]))),
          "incidence_se.csv", row.names = FALSE, quote = FALSE)
# the data of the example of R's cmprsk 2.2 (its test.Rout.save prints Gray's test and Aalen's variances), by the generator of R 1.2.1
suppressWarnings(RNGversion("1.2.1"))
set.seed(2)
ss <- rexp(100); gg <- sample(1:3, 100, replace = TRUE); cc <- sample(0:2, 100, replace = TRUE); st <- sample(1:2, 100, replace = TRUE); tt <- abs(rnorm(100))
write.csv(data.frame(time = sprintf("%.17g", ss), other = sprintf("%.17g", tt), group = letters[gg], cause = cc, stratum = st),
          "gray_example.csv", row.names = FALSE, quote = FALSE)
