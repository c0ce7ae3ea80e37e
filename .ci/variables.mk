# Variables given to make: each of VARIABLES becomes TRIAL_NAME in the environment, unread by make and by the shell;
# any other name on the command line is refused, for a slip would else build something that was not asked for.
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
UNKNOWN := $(firstword $(filter-out $(VARIABLES) MAKE% -%,$(GIVEN)))

# Names are alike when at most one letter stands in one of them only, in capitals or not.
LETTERS := a:A b:B c:C d:D e:E f:F g:G h:H i:I j:J k:K l:L m:M n:N o:O p:P q:Q r:R s:S t:T u:U v:V w:W x:X y:Y z:Z
has = $(strip $(foreach letter,$(subst :, ,$(2)),$(findstring $(letter),$(1))))
in = $(strip $(foreach pair,$(LETTERS),$(if $(call has,$(1),$(pair)),$(pair))))
apart = $(words $(filter-out $(call in,$(1)),$(call in,$(2))) $(filter-out $(call in,$(2)),$(call in,$(1))))
alike = $(strip $(foreach name,$(VARIABLES),$(if $(filter 0 1,$(call apart,$(1),$(name))),$(name))))

ifneq ($(UNKNOWN),)
  $(error Unknown variable $(UNKNOWN)=. \
    $(if $(call alike,$(UNKNOWN)),Did you mean $(firstword $(call alike,$(UNKNOWN)))=?,Known are: $(VARIABLES)))
endif

define as_text
override $(1) := $$(value $(1))
unexport $(1)
export TRIAL_$(1) := $$(value $(1))
endef
$(foreach name,$(VARIABLES),$(eval $(call as_text,$(name))))
export PYTHON
unexport TRIAL_PYTHON
