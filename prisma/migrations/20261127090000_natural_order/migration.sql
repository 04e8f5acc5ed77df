-- Names in the order people expect: "day 2" before "day 10". As Intl.Collator orders them in pages.
CREATE COLLATION natural_order (provider = icu, locale = 'en-u-kn-true');
