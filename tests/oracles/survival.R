# Kaplan-Meier curves, quantiles, rates and cumulative incidence by R's survival package, for tests/tlf/stats.
# Run in this folder: Rscript survival.R
# Writes survival_data.csv (the data sets: subjects per time and event), survival_steps.csv, survival_quantiles.csv, survival_rates.csv,
# survival_follow_up.csv (reverse Kaplan-Meier), incidence_data.csv and incidence.csv.
library(survival)

set.seed(20260630)
random <- function(n, ties) {
  t <- if (ties) sample(1:12, n, TRUE) else round(rexp(n, 0.05), 3) + 0.001
  data.frame(time = t, event = rbinom(n, 1, 0.6))
}
fixed <- function(time, event) data.frame(time = time, event = event)

sets <- list(
  preprint_pfs = fixed(c(2.9, 3, 3.5, 4, 4.5, 5, 7.5, 8.5, 9.3, 10, 12.5, 14), c(0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0)),
  preprint_os = fixed(c(5.3, 5.8, 9.2, 11, 6.5, 7, 7.5, 8.5, 9.3, 10, 12.5, 14), c(0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)),
  one_event = fixed(5, 1), one_censored = fixed(5, 0), all_censored = fixed(c(3, 7, 7, 9), rep(0, 4)),
  all_at_once = fixed(rep(4, 5), rep(1, 5)), tied_event_censor = fixed(c(2, 2, 2, 6, 6, 9), c(1, 0, 1, 1, 0, 0)),
  event_at_zero = fixed(c(0, 0, 3, 5, 8), c(1, 0, 1, 0, 1)), half_1to4 = fixed(1:4, rep(1, 4)),
  half_1to6 = fixed(1:6, rep(1, 6)), half_to_end = fixed(c(1, 2, 5, 9), c(1, 1, 0, 0)),
  half_six_to_end = fixed(c(1, 2, 3, 5, 7, 9), c(1, 1, 1, 0, 0, 0)), last_is_event = fixed(c(2, 3, 3, 4, 5), c(0, 1, 0, 1, 1)),
  rises_again = fixed(c(rep(1, 41), rep(2, 40), rep(3, 17), 4, 5), c(rep(1, 41), rep(0, 40), rep(1, 9), rep(0, 8), 1, 0)),
  late_rise = fixed(c(rep(1, 520), rep(2, 478), 3, 4), c(rep(1, 520), rep(0, 478), 1, 0)),
  aml_maintained = with(subset(aml, x == "Maintained"), fixed(time, status)),
  aml_other = with(subset(aml, x != "Maintained"), fixed(time, status)),
  lung_male = with(subset(lung, sex == 1), fixed(time, status - 1))
)
for (i in 1:12) sets[[sprintf("random_%02d", i)]] <- random(c(3, 5, 8, 12, 20, 60)[(i - 1) %% 6 + 1], i > 6)

number <- function(x) sprintf("%.15g", x)
steps <- quantiles <- rates <- data <- NULL
for (name in names(sets)) {
  d <- sets[[name]]
  data <- rbind(data, cbind(set = name, aggregate(list(count = d$time), d[c("time", "event")], length)))
  for (type in c("log-log", "log", "plain")) for (level in c(0.95, 0.90)) {
    f <- survfit(Surv(time, event) ~ 1, data = d, conf.type = type, conf.int = level)
    key <- data.frame(set = name, transform = type, level = level)
    s <- summary(f, censored = TRUE)
    steps <- rbind(steps, data.frame(key, time = s$time, at_risk = s$n.risk, events = s$n.event, survival = number(s$surv),
                                     se = number(s$std.err), lower = number(s$lower), upper = number(s$upper)))
    probs <- c(0.25, 0.5, 0.75)
    q <- quantile(f, probs)
    quantiles <- rbind(quantiles, data.frame(key, p = probs, estimate = number(q$quantile), lower = number(q$lower),
                                             upper = number(q$upper)))
    inside <- sort(unique(c(0, min(d$time) / 2, d$time, (d$time[-1] + d$time[-nrow(d)]) / 2)))
    inside <- inside[inside <= max(d$time)]
    r <- summary(f, times = inside, extend = TRUE)
    if (level == 0.95 && nrow(d) < 30)
      rates <- rbind(rates, data.frame(key, time = r$time, at_risk = r$n.risk, estimate = number(r$surv),
                                       se = number(r$std.err), lower = number(r$lower), upper = number(r$upper)))
  }
}
reverse <- NULL
for (name in names(sets)) {
  f <- survfit(Surv(time, 1 - event) ~ 1, data = sets[[name]], conf.type = "log-log")
  q <- quantile(f, 0.5)
  reverse <- rbind(reverse, data.frame(set = name, estimate = number(q$quantile), lower = number(q$lower), upper = number(q$upper)))
}
write.csv(data, "survival_data.csv", row.names = FALSE, quote = FALSE)
write.csv(steps, "survival_steps.csv", row.names = FALSE, quote = FALSE)
write.csv(quantiles, "survival_quantiles.csv", row.names = FALSE, quote = FALSE)
write.csv(rates, "survival_rates.csv", row.names = FALSE, quote = FALSE)
write.csv(reverse, "survival_follow_up.csv", row.names = FALSE, quote = FALSE)

# Competing risks: monoclonal gammopathy (first 200 subjects; 1 = plasma cell malignancy, 2 = death before it).
m <- head(mgus2, 200)
competing <- data.frame(time = with(m, ifelse(pstat == 0, futime, ptime)), cause = with(m, ifelse(pstat == 0, 2 * death, 1)))
f <- survfit(Surv(time, factor(cause, 0:2)) ~ 1, data = competing)
incidence <- rbind(data.frame(time = f$time, cause = 1, incidence = number(f$pstate[, 2])),
                   data.frame(time = f$time, cause = 2, incidence = number(f$pstate[, 3])))
write.csv(competing, "incidence_data.csv", row.names = FALSE, quote = FALSE)
write.csv(incidence, "incidence.csv", row.names = FALSE, quote = FALSE)
