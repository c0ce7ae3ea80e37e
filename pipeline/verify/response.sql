-- Best overall response and complete response by day, of the infused (analysis plan 2.7; clarification 7).

-- After the cells, before a new therapy (BOR_NEWTX: or on its day), not after the first progression or relapse.
CREATE TABLE counted AS
WITH after AS (
  SELECT USUBJID, DAY, RESPONSE, DAY - CARTSDT AS CARTDY, NACTDT, DRUGDT
  FROM assessment JOIN subject USING (USUBJID) LEFT JOIN next_therapy USING (USUBJID) WHERE DAY > CARTSDT),
progressed AS (SELECT USUBJID, min(DAY) AS PDDT FROM after WHERE RESPONSE IN ('PD', 'REL') GROUP BY USUBJID),
ending AS (
  SELECT after.*, PDDT, CASE WHEN hsct_newtx = 'Y' THEN NACTDT ELSE DRUGDT END AS ENDDT, bor_newtx, sd_min_days
  FROM after LEFT JOIN progressed USING (USUBJID) CROSS JOIN plan)
SELECT USUBJID, DAY, CARTDY, RESPONSE AS RECORDED,
  CASE WHEN RESPONSE IN ('SD', 'NR') THEN CASE WHEN CARTDY >= sd_min_days THEN 'SD' ELSE 'NE' END
    WHEN RESPONSE = 'REL' THEN 'PD' ELSE RESPONSE END AS RESPONSE
FROM ending
WHERE DAY <= coalesce(PDDT, DAY) AND (ENDDT IS NULL OR DAY < ENDDT OR DAY = ENDDT AND bor_newtx = 'ONBEFORE');

CREATE TABLE response AS
WITH complete AS (SELECT counted.*, list_contains(complete_responses, RESPONSE) AS COMPLETE FROM counted CROSS JOIN plan),
told AS (
  SELECT USUBJID, min(PLACE) AS PLACE,
    bool_or(COMPLETE AND CARTDY BETWEEN crd30_low AND crd30_high) AS D30,
    bool_or(COMPLETE AND CARTDY BETWEEN crd100_low AND crd100_high) AS D100,
    bool_or(COMPLETE AND CARTDY <= crbest_day) AS BEST,
    min(DAY) FILTER (RESPONSE IN ('CR', 'CRH', 'CRI', 'PR')) AS FIRSTRESP, min(DAY) FILTER (RESPONSE IN ('CR', 'CRH', 'CRI')) AS FIRSTCR
  FROM complete LEFT JOIN best_first USING (RESPONSE) CROSS JOIN plan GROUP BY USUBJID)
-- A category is told as the records spell it (CRi).
SELECT USUBJID, coalesce((SELECT min(RSSTRESC) FROM rs WHERE upper(RSSTRESC) = best_first.RESPONSE), best_first.RESPONSE, 'MISSING') AS BOR,
  FIRSTRESP, FIRSTCR,
  CASE WHEN crd30_low IS NOT NULL THEN CASE WHEN D30 THEN 'Y' ELSE 'N' END END AS CRD30,
  CASE WHEN crd100_low IS NOT NULL THEN CASE WHEN D100 THEN 'Y' ELSE 'N' END END AS CRD100,
  CASE WHEN BEST THEN 'Y' ELSE 'N' END AS CRBEST
FROM subject CROSS JOIN plan LEFT JOIN told USING (USUBJID) LEFT JOIN best_first USING (PLACE) WHERE CARTSDT IS NOT NULL;
