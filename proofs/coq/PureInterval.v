(** Interval arithmetic over floats made of integers of type [Z]: no axiom on machine floats or
    machine integers enters the proofs. Always give [i_prec]: without it the tactic falls back on
    machine floats. *)
From Interval Require Export Tactic.
From Interval Require Import Float.Specific_ops Float.Specific_stdz.

Module ZFloat := SpecificFloat StdZRadix2.
Module Export ZInterval := IntervalTactic ZFloat.
