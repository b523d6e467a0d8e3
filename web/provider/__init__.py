"""Staff who sign in through the city's own identity provider (OpenID Connect). Which provider: settings; who may do
what: stays ours."""
