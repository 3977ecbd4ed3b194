"""Numbers about fans, money and answers: kept as sums of days, and counted again where they are no longer true."""
