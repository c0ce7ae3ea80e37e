-- DLT Analysis Set, its reasons, and who of it had a DLT (analysis plan 6.3; clarifications 14, 20, 24).

CREATE TABLE period AS
WITH medicated AS (
  SELECT subject.*, CASE dlt_med WHEN 'ANY' THEN TRTSDT WHEN 'COND' THEN CONDSDT WHEN 'CELLS' THEN CARTSDT
      ELSE CASE WHEN CARTSDT IS NOT NULL THEN CONDSDT END END AS STARTDT, dlt_days, dlt_end_from, dlt_nocart_end, dlt_part, dlt_of_infused
  FROM subject CROSS JOIN plan)
SELECT *, CASE WHEN dlt_end_from = 'START' THEN STARTDT + dlt_days
    WHEN CARTSDT IS NOT NULL THEN CASE dlt_end_from WHEN 'LAST' THEN CARTEDT ELSE CARTSDT END + dlt_days
    ELSE CONDSDT + dlt_nocart_end END AS FINISHDT
FROM medicated;

-- An event begun before the period counts from the date of its maximum grade; a partial date, where it can lie in the period.
CREATE TABLE limiting AS
WITH dated AS (
  SELECT event.USUBJID, STARTDT, FINISHDT,
    CASE WHEN event.HIGH < STARTDT OR BEFORE_TIME THEN MAXLOW ELSE event.LOW END AS LOW,
    CASE WHEN event.HIGH < STARTDT OR BEFORE_TIME THEN MAXHIGH ELSE event.HIGH END AS HIGH
  FROM event JOIN period USING (USUBJID) CROSS JOIN plan
  WHERE DLTYN = 'Y' AND STARTDT IS NOT NULL
    AND (NOT (event.HIGH < STARTDT OR BEFORE_TIME) OR teae_worse_grade = 'N' OR GRADE > STARTGR))
SELECT DISTINCT USUBJID FROM dated WHERE HIGH >= STARTDT AND LOW <= coalesce(FINISHDT, LOW);

CREATE TABLE dlt AS
WITH treated_anew AS (
  SELECT USUBJID, min(DAY) AS ANEWDT FROM therapy JOIN period USING (USUBJID) WHERE DAY >= STARTDT GROUP BY USUBJID),
watched AS (
  SELECT period.*, limiting.USUBJID IS NOT NULL AS TOXIC, FINISHDT - STARTDT + 1 AS PLANNED,
    CASE WHEN LSTALVDT IS NOT NULL THEN greatest(least(FINISHDT, LSTALVDT, DTHDT, ANEWDT - 1) - STARTDT + 1, 0) ELSE 0 END AS OBSERVED
  FROM period LEFT JOIN limiting USING (USUBJID) LEFT JOIN alive USING (USUBJID) LEFT JOIN treated_anew USING (USUBJID)),
judged AS (
  SELECT USUBJID, CASE WHEN dlt_of_infused AND CARTSDT IS NULL THEN NULL
      WHEN dlt_part IS NOT NULL AND coalesce(COHORT, '') <> dlt_part THEN 'NOT PART ' || dlt_part
      WHEN STARTDT IS NULL THEN 'NOT DOSED'
      WHEN TOXIC THEN 'DLT'
      WHEN FINISHDT IS NULL THEN 'PERIOD UNDEFINED - NO CAR-T'
      WHEN OBSERVED = PLANNED THEN 'COMPLETE'
      WHEN dlt_denominator * OBSERVED >= dlt_numerator * PLANNED THEN '>=' || SHARE || ' %'
      ELSE '<' || SHARE || ' % NO DLT' END AS DLTEVLRS
  FROM watched CROSS JOIN (
    SELECT dlt_numerator, dlt_denominator, round(100 * dlt_numerator / dlt_denominator)::INTEGER AS SHARE FROM plan))
SELECT USUBJID, DLTEVLRS, CASE WHEN DLTEVLRS IN ('DLT', 'COMPLETE') OR DLTEVLRS LIKE '>=%' THEN 'Y' ELSE 'N' END AS DLTEVLFL,
  CASE WHEN DLTEVLRS = 'DLT' THEN 'Y' WHEN DLTEVLRS = 'COMPLETE' OR DLTEVLRS LIKE '>=%' THEN 'N' END AS DLTFL
FROM judged;
