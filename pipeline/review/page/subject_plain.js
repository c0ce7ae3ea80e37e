/* The page of a subject until the profile stands: who it is, and where its records are. */
(function (Review) {
  "use strict";
  const {h, fill, link, address} = Review;
  Review.views.subject = Review.views.subject || function (element, rest, study) {
    const who = study.subjects.find(one => one.at === rest[0]);
    if (!who) { throw new Error("There is no subject " + rest[0] + "."); }
    fill(element, h("h1", {}, "Subject " + (who.SUBJID || who.id)), Review.facts([["Site", who.SITEID], ["Age", who.AGE], ["Sex", who.SEX], ["Arm", who.ARM]]),
      h("h2", {}, "Records"), h("ul", {class: "told"}, study.datasets.filter(one => one.layer !== "raw" && one.variables.some(each => each.name === "USUBJID")).map(one =>
        h("li", {}, link(address(["data", ...one.path.split("/")], {USUBJID: "=" + who.id}), one.name.toUpperCase()), " ", h("span", {class: "quiet"}, one.label)))),
      h("p", {}, link(address(["findings"], {subject: who.SUBJID || who.id}), "Findings")));
  };
})(window.Review);
