"""What moto does otherwise than AWS and real clients notice: a function each, called `fix_…`; each says what AWS does."""
