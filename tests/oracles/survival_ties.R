# Kaplan-Meier of times that differ by rounding only, by R's survfit (which makes them one: aeqSurv), for tests/tlf/stats.
# Run in this folder: Rscript survival_ties.R
# Writes survival_ties_data.csv (subjects, 17 digits) and survival_ties.csv (steps).
library(survival)

days <- c(30, 61, 61, 92, 122, 122, 183, 200, 244, 244)
sets <- list(
  decimals = data.frame(time = c(0.1 + 0.2, 0.3, 0.5, 1.1 * 3, 3.3, 4), event = c(1, 1, 0, 1, 0, 1)),
  months_two_ways = data.frame(time = c(days / 30.4375, days * 12 / 365.25), event = rep(c(1, 0, 1, 1, 1, 1, 0, 1, 1, 0), 2)),
  chained = data.frame(time = 5 + c(0, 1, 2, 3) * 6e-8, event = c(1, 1, 0, 1)),
  below_tolerance = data.frame(time = c(1, 1 + 1e-8, 2), event = c(1, 1, 1)),
  above_tolerance = data.frame(time = c(1, 1 + 4e-8, 2), event = c(1, 1, 1)),
  relative_to_the_mean = data.frame(time = c(100, 100 + 1e-6, 300, 300 + 9e-6), event = c(1, 1, 0, 1)),
  small_times_outright = data.frame(time = c(1e-9, 2e-9, 1e-3, 0.5), event = c(1, 1, 1, 1)),
  a_censoring_just_before = data.frame(time = c(2 - 1e-10, 2, 3), event = c(0, 1, 1))
)

exact <- function(x) sprintf("%.17g", x)
data <- steps <- NULL
for (name in names(sets)) {
  d <- sets[[name]]
  data <- rbind(data, data.frame(set = name, time = exact(d$time), event = d$event))
  s <- summary(survfit(Surv(time, event) ~ 1, data = d, conf.type = "log-log"), censored = TRUE)
  steps <- rbind(steps, data.frame(set = name, time = exact(s$time), at_risk = s$n.risk, events = s$n.event,
                                   survival = exact(s$surv), se = exact(s$std.err)))
}
write.csv(data, "survival_ties_data.csv", row.names = FALSE, quote = FALSE)
write.csv(steps, "survival_ties.csv", row.names = FALSE, quote = FALSE)
