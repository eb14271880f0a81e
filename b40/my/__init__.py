"""The pages of those who speak for a city or an observer: `/my/`.

Every view wears `@for_delegates`; what it shows is picked by `visible_to` and by the actions of the apps below.
"""
