"""Moving in from WordPress: posts are read, what they say of a meeting is recognised, and a person confirms the draft.

`reading` takes posts out of a file, `markup` the text out of their HTML, `recognition` the facts out of the text (with
`mentions`, `people_present`, `occasion`, `days`, `groups` and `officials` for each kind of fact), `finding` holds them
beside their sentences, `drafting` makes the draft, `importing` remembers what was done. docs/moving-in.md has the rules.
"""
