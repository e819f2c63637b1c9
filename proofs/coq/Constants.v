(** Numeric values of the n-step limit, by interval arithmetic over floats made of integers of type
    [Z]: no axiom on machine floats or machine integers enters. Always give [i_prec]: without it the
    tactic falls back on machine floats. *)
From Coq Require Import Reals Lra Ratan ZArith.
From Interval Require Export Tactic.
From Interval Require Import Float.Specific_ops Float.Specific_stdz.
From W2S Require Import Floors.
Module ZFloat := SpecificFloat StdZRadix2.
Module Export ZInterval := IntervalTactic ZFloat.
Open Scope R_scope.

(** The angle of a least squares teacher of loss [L]: [sin theta ^ 2 = L]. *)
Definition teacher_angle (L : R) : R := atan (sqrt (L / (1 - L))).

Lemma cos_teacher_angle (L : R) : 0 <= L < 1 -> cos (teacher_angle L) = sqrt (1 - L).
Proof.
  intro HL. assert (0 < / (1 - L)) by (apply Rinv_0_lt_compat; lra). unfold teacher_angle.
  rewrite cos_atan, Rsqr_sqrt by (apply Rmult_le_pos; lra).
  replace (1 + L / (1 - L)) with (/ (1 - L)) by (field; lra).
  rewrite sqrt_inv. field. apply Rgt_not_eq, sqrt_lt_R0. lra.
Qed.

(** [lo <= F_n / L^2 <= hi], [F_n] the n-step floor of a teacher of loss [L]. *)
Definition floor_ratio_in (n : nat) (L lo hi : R) : Prop :=
  forall m, is_chain_floor n (teacher_angle L) m -> lo * L ^ 2 <= m <= hi * L ^ 2.

(** From below on the whole range of turns, from above at one turn. *)
Ltac enclose turn :=
  intros m [Low (phi & Hphi & E)]; specialize (Low turn); revert Hphi E Low;
  unfold chain_objective; rewrite cos_teacher_angle by lra; unfold teacher_angle;
  rewrite INR_IZR_INZ; cbn [Z.of_nat Pos.of_succ_nat Pos.succ Nat.mul Nat.add];
  intros Hphi <- Low; split;
  [ clear Low; interval with (i_prec 60, i_bisect phi, i_taylor phi, i_degree 6, i_depth 30)
  | apply Rle_trans with (1 := Low ltac:(split; interval with (i_prec 60)));
    interval with (i_prec 60) ].

(** [nstep] Six digits of [F_n / L^2]. *)
Theorem nstep_values :
  floor_ratio_in 1 (1 / 10) 0.916730 0.916731 /\ floor_ratio_in 2 (1 / 10) 0.559301 0.559302 /\
  floor_ratio_in 4 (1 / 10) 0.401165 0.401166 /\ floor_ratio_in 16 (1 / 10) 0.295617 0.295618 /\
  floor_ratio_in 256 (1 / 10) 0.265312 0.265313 /\
  floor_ratio_in 2 (1 / 2) 0.578919 0.578920 /\ floor_ratio_in 2 (1 / 100) 0.562046 0.562047.
Proof.
  repeat match goal with |- _ /\ _ => split end;
    [ enclose 0.294001302 | enclose 0.155098732 | enclose 0.079185094 | enclose 0.020041310
    | enclose 0.001256585 | enclose 0.330764754 | enclose 0.049896751 ].
Qed.
